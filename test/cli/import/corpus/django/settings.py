"""Settings of the shop."""
import os

DEBUG = False
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "smtp.gmail.com"
EMAIL_PORT = 587
EMAIL_USE_TLS = True
EMAIL_HOST_USER = "alice.example@gmail.com"
EMAIL_HOST_PASSWORD = "quartz-Lantern-4471"  # an app password
DEFAULT_FROM_EMAIL = "Shop <shop@example.com>"
