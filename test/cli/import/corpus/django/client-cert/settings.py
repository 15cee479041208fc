EMAIL_HOST: str = 'smtp.example.com'
EMAIL_PORT: int = 465
EMAIL_USE_SSL: bool = True
EMAIL_SSL_CERTFILE = '/etc/ssl/app.pem'
EMAIL_SSL_KEYFILE = BASE_DIR / 'app.key'
if DEBUG:
    EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'
