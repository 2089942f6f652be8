from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0001_initial"),
    ]

    operations = [
        migrations.RenameModel("PrimaryRegistrationDetails", "VehicleDetails"),
        migrations.AlterModelOptions("vehicledetails", {"verbose_name": "details about the vehicle"}),
    ]
