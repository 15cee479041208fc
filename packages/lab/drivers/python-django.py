"""Django's mail, by its settings: `EMAIL_USE_TLS` with port 587, `EMAIL_USE_SSL` with port 465."""
import sys

from django.conf import settings
from django.core.mail import send_mail

PATIENCE = 4

_, setting, _, host, port, username, password, sender, recipient, body = sys.argv
settings.configure(
    EMAIL_HOST=host,
    EMAIL_PORT=int(port),
    EMAIL_HOST_USER=username,
    EMAIL_HOST_PASSWORD=password,
    EMAIL_TIMEOUT=PATIENCE,
    **{setting: True},
)
send_mail("Dusk", body, sender, [recipient])
