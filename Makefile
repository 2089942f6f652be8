# Two commands: `make run` starts the portal on a bare machine, `make test` proves it. Both need Python 3.11+, git, make.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

.PHONY: run test reset manage lock
.DEFAULT_GOAL := run

run test reset lock:
	@$(or $(PYTHON),python3) -I portal/bare_machine.py $@

# make manage COMMAND="verify_journal": any management command, against the portal that `make run` started.
manage:
	@$(or $(PYTHON),python3) -I portal/bare_machine.py manage $(COMMAND)
