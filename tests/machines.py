"""How the state machines of the tests are run: any number of steps, the same ones each time, nothing kept."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_steadily(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Run `machine` that often, each time for that many steps; fails with the steps that break an invariant."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
