"""The simulator's data agrees with docs/demo-data.md, its process starts and restarts, its pages steer it."""

import csv
import json
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx
import pytest

from people.identifiers import check_digit
from registers.contract import REGISTERS
from registers.simulator.data import DEFAULT_FOLDER, TABLES, Data, resolve
from tests.demo_table import table
from tests.fixtures_registers import CALLBACK_SECRET, DEMO, ROOT, demo_person, demo_vehicle, running_simulator

VIN_LETTERS = set("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
CENTURY_AND_SEX = {("18", "male"): "1", ("18", "female"): "2", ("19", "male"): "3", ("19", "female"): "4",
                   ("20", "male"): "5", ("20", "female"): "6"}  # fmt: skip


def raw_rows(name: str) -> list[dict[str, str]]:
    with (DEFAULT_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestDemoData:
    def test_page_and_data_name_the_same_people(self):
        told = {(row["id"], row["IIN"], row["name"], row["born"], row["sex"]) for row in table("People")}
        names = ("surname", "given_name", "patronymic")
        held = {
            (row["id"], row["iin"], " ".join(filter(None, map(row.get, names))), row["birth_date"], row["sex"])
            for row in raw_rows("people")
        }
        assert told == held

    def test_page_and_data_name_the_same_organisations(self):
        told = {(row["id"], row["BIN"], row["name"], row["kind"]) for row in table("Organisations")}
        held = {(row["id"], row["bin"], row["name_ru"], row["kind"]) for row in raw_rows("organisations")}
        assert told == held

    def test_page_and_data_name_the_same_vehicles_passports_and_certificates(self):
        told = {
            (row["id"], row["category"], row["made"], row["VIN or chassis number"], row["passport"], row["certificate"])
            for row in table("Vehicles")
        }
        passports = {row["vehicle"]: row["number"] for row in raw_rows("passports")}
        certificates: dict[str, list[str]] = {}
        for row in raw_rows("recycling_certificates"):
            certificates.setdefault(row["vehicle"], []).append(row["number"])
        held = {
            (
                row["id"],
                row["category"],
                row["year"],
                row["vin"] or row["chassis_number"],
                passports.get(row["id"], ""),
                ", ".join(certificates.get(row["id"], [])),
            )
            for row in raw_rows("vehicles")
        }
        assert told == held

    def test_what_is_special_is_told_in_the_same_words(self):
        for heading, name in (("People", "people"), ("Organisations", "organisations"), ("Vehicles", "vehicles")):
            told = {row["id"]: row["what is special"] for row in table(heading)}
            assert told == {row["id"]: row["note"] for row in raw_rows(name)}

    @pytest.mark.parametrize("person", raw_rows("people"), ids=lambda row: row["id"])
    def test_iin_has_its_check_digit_and_agrees_with_birth_date_and_sex(self, person):
        born = date.fromisoformat(person["birth_date"])
        assert person["iin"][:6] == born.strftime("%y%m%d")
        assert person["iin"][6] == CENTURY_AND_SEX[str(born.year)[:2], person["sex"]]
        assert int(person["iin"][11]) == check_digit(person["iin"][:11])

    @pytest.mark.parametrize("organisation", raw_rows("organisations"), ids=lambda row: row["id"])
    def test_bin_has_its_check_digit_and_agrees_with_the_month_of_registration(self, organisation):
        registered = date.fromisoformat(organisation["registered_on"])
        assert organisation["bin"][:4] == registered.strftime("%y%m")
        assert int(organisation["bin"][11]) == check_digit(organisation["bin"][:11])

    def test_vins_are_well_formed_and_nobody_shares_one(self):
        vins = [row["vin"] for row in raw_rows("vehicles") if row["vin"]]
        assert all(len(vin) == 17 and set(vin) <= VIN_LETTERS for vin in vins)
        assert len(vins) == len(set(vins))
        assert [row["id"] for row in raw_rows("vehicles") if not row["vin"]] == ["V-09"]

    def test_a_dozen_people_and_cars_have_nothing_against_them(self):
        assert sum(row["note"].startswith("Nothing against") for row in raw_rows("people")) == 12
        assert {"M1", "M3", "N1", "N3", "L3", "O1"} == {row["category"] for row in raw_rows("vehicles")[:17]}

    def test_data_does_not_age(self):
        today = date(2030, 3, 1)
        assert resolve("today-40", today) == "2030-01-20"
        assert resolve("this year-2", today) == "2028"
        assert resolve("2026-02-10", today) == "2026-02-10"

    def test_every_table_is_there(self):
        assert {path.stem for path in DEFAULT_FOLDER.glob("*.csv")} == set(TABLES)
        with pytest.raises(FileNotFoundError):
            Data(DEFAULT_FOLDER.parent)


class TestSwitches:
    def test_switches_name_every_register(self, simulator):
        switches = simulator.http.get("/switches/").json()
        assert set(switches) == {*REGISTERS, "ocsp", "crl", "signature_service"}
        assert {switch["mode"] for switch in switches.values()} == {"ok"}

    def test_unknown_register_or_mode_changes_nothing(self, simulator):
        for wrong in ({"fines": {"mode": "down"}, "taxes": {"mode": "down"}}, {"fines": {"mode": "tired"}}):
            assert simulator.http.post("/switches/", json=wrong).status_code == 400
        assert simulator.http.get("/switches/").json()["fines"]["mode"] == "ok"

    def test_form_of_the_page_throws_a_switch_and_the_page_shows_it(self, simulator):
        form = {"register": "consent", "mode": "delay", "seconds": "1.5", "kind": "html"}
        assert simulator.http.post("/switches/form", data=form).headers["Location"] == "/"
        assert simulator.http.get("/switches/").json()["consent"] == {"mode": "delay", "seconds": 1.5, "kind": "html"}
        assert "медлит" in simulator.http.get("/").text

    def test_delayed_answer_comes_at_once_when_the_register_is_repaired(self, simulator):
        simulator.switch("identity", "delay", seconds=600)
        iin = demo_person("P-01")["iin"]
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(httpx.post, f"{simulator.url}/identity", json={"iin": iin}, timeout=30)
            simulator.wait_for_calls("identity", 1)
            assert not waiting.done()
            simulator.reset()
            assert waiting.result(30).json()["person"]["iin"] == iin

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b'"x"', b"\xff", b'{"nothing": 1}'])
    def test_malformed_question_is_a_400_and_nothing_breaks(self, content, simulator):
        for register in ("identity", "payments", "wanted_persons", "switches"):
            assert simulator.http.post(f"/{register}", content=content).status_code == 400
        assert simulator.http.get("/health").json() == {"status": "ok"}

    def test_unknown_page_is_a_404(self, simulator):
        assert simulator.http.get("/taxes").status_code == 404
        assert simulator.http.post("/taxes", json={}).status_code == 404
        assert simulator.http.get("/pay/..%2fetc").status_code == 404


class TestProcess:
    def run(self, *options: str, secret: str = CALLBACK_SECRET) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "registers.simulator", *options]
        environment = {**os.environ, "PAYMENT_CALLBACK_SECRET": secret}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False
        )

    def test_taken_port_is_a_sentence(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            done = self.run("--port", str(taken.getsockname()[1]))
        assert done.returncode == 1
        assert done.stderr.startswith("The simulator cannot start")

    def test_missing_secret_and_missing_data_are_sentences(self, tmp_path):
        assert self.run(secret="").stderr.startswith("Set PAYMENT_CALLBACK_SECRET")
        assert self.run("--data", str(tmp_path)).stderr.startswith("The simulator cannot start")

    def test_broken_state_file_is_a_sentence(self, tmp_path):
        state = tmp_path / "state.json"
        state.write_text("{}")
        assert "delete it to start afresh" in self.run("--state", str(state)).stderr

    def test_needs_no_django(self):
        code = "import sys; import registers.simulator.__main__; sys.exit('django' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False).returncode == 0

    def test_orders_and_receipts_outlive_a_restart(self, tmp_path):
        state = tmp_path / "kept" / "simulator.json"
        page = {
            "order": "A77",
            "items": [{"reference": "A-77", "amount": "21625", "description": "Тіркеу алымы"}],
            "payer_identifier": demo_person("P-01")["iin"],
            "return_url": "http://127.0.0.1:9/back",
            "callback_url": "http://127.0.0.1:9/callback",
        }
        with running_simulator("--state", str(state)) as url:
            httpx.post(f"{url}/payments/pages", json=page).raise_for_status()
            httpx.post(f"{url}/pay/A77", data={"way": "silent"})
            before = httpx.post(f"{url}/payments", json={"references": [{"reference": "A-77"}]}).json()
        with running_simulator("--state", str(state)) as url:
            after = httpx.post(f"{url}/payments", json={"references": [{"reference": "A-77"}]}).json()
        assert before == after
        assert after["payments"][0]["status"] == "paid"
        assert json.loads(state.read_text(encoding="utf-8"))["pages"][0]["items"][0]["description"] == "Тіркеу алымы"


def test_vehicle_without_vin_is_found_by_its_chassis_number():
    trailer = demo_vehicle("V-09")
    assert DEMO.vehicle({"vin": "", "chassis_number": trailer["chassis_number"]}) == trailer
    assert DEMO.vehicle({"vin": "", "chassis_number": ""}) is None
