# The portal's image: web, worker, beat and simulator are the same image with different commands (docker-compose.yml).
FROM python:3.11.14-slim-bookworm AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/portal \
    && /opt/portal/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.11.14-slim-bookworm
# What WeasyPrint draws with (portal/bare_machine.py names the same packages), and msgfmt for the translations.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-mono gettext tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal portal \
    && install -d -o portal -g portal -m 0700 /srv/portal/media /srv/portal/keys
COPY --from=packages /opt/portal /opt/portal
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    MEDIA_ROOT=/srv/portal/media \
    KEYS_DIR=/srv/portal/keys
WORKDIR /app
COPY manage.py pyproject.toml ./
COPY portal portal
COPY desk desk
COPY api api
COPY registration registration
COPY licensing licensing
COPY plates plates
COPY blanks blanks
COPY write_offs write_offs
COPY refusals refusals
COPY fees fees
COPY legacy legacy
COPY webhooks webhooks
COPY applications applications
COPY registers registers
COPY offices offices
COPY people people
COPY templates templates
COPY static static
COPY locale locale
COPY fixtures fixtures
# Settings want addresses and a key even where neither is used; these do not outlive this line.
RUN SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build python -m portal.prepare assets
USER portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/', timeout=5)"]
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--preload", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
