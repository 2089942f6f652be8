"""Driver licences of the earlier register come in with their categories, and what cannot be stays out."""

import pytest
from django.core.management import call_command

from licensing.models import DriverLicence
from tests.fixtures_legacy import OTHER, OWNER, person


def licence(number="AZ100001", **values):
    days = {"issued_on": "2020-05-04", "valid_until": "2030-05-04"}
    return {"number": number, "driver": OWNER, "office": "0201", "categories": "B:2006-03-01", **days, **values}


@pytest.fixture
def drivers(registry):
    call_command("load_reference", verbosity=0)
    return registry


def test_a_licence_comes_in_with_its_categories_once(drivers):
    drivers.write(people=[person()], licences=[licence(categories="B:2006-03-01 C:2012-07-09")])
    drivers.load()
    assert drivers.reported() == []
    found = DriverLicence.objects.get()
    assert (found.driver.person.iin, found.origin) == (OWNER, "imported")
    assert [str(grant.since) for grant in found.grants.all()] == ["2006-03-01", "2012-07-09"]
    assert drivers.load().counts["licences.csv"]["known"] == 1


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([licence(driver=OTHER)], ["driver_unknown"]),
        ([licence(office="9999")], ["office_unknown"]),
        ([licence(categories="B")], ["grants"]),
        ([licence(categories="X9:2006-03-01")], ["category_unknown"]),
        ([licence(categories="B:1999-03-01")], ["database"]),
        ([licence(valid_until="2020-05-04")], ["period"]),
        ([licence(state="withdrawn")], ["required"]),
        ([licence(), licence("AZ100002")], ["two_valid", "two_valid"]),
        ([licence(), licence(valid_until="2031-05-04")], ["duplicate", "duplicate"]),
    ],
)
def test_a_licence_that_cannot_be(drivers, rows, codes):
    drivers.write(people=[person()], licences=rows)
    drivers.load()
    assert [code for _file, _line, code in drivers.reported()] == codes
    assert not DriverLicence.objects.exists()
