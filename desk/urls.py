"""Every address of the desk, grouped by object. A view that no guard opened stays shut (desk/guards.py)."""

from django.urls import URLPattern, URLResolver, path

from desk import queue, search, sign_in

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    # Signing in, and the session
    path("", sign_in.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("session/", sign_in.session, name="session"),
    # The queue
    path("queue/", queue.queue, name="queue"),
    # Search
    path("search/", search.search, name="search"),
]
