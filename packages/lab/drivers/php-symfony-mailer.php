<?php
// Symfony Mailer, by its DSN: `smtp`, which begins TLS if it is offered, or `smtps`.

require __DIR__ . '/php-find.php';

const PATIENCE = 4;

[, $directories, $mode] = $argv;
require find($directories, 'symfony/mailer', 'Symfony/Component/Mailer/autoload.php');
if ($mode === '--version') {
    // Debian's package does not say.
    echo class_exists(Composer\InstalledVersions::class)
        ? Composer\InstalledVersions::getPrettyVersion('symfony/mailer')
        : '', "\n";
    exit;
}

[, , , $scheme, $host, $port, $username, $password, $from, $to, $body] = $argv;
ini_set('default_socket_timeout', (string) PATIENCE);
$transport = Symfony\Component\Mailer\Transport::fromDsn("$scheme://$username:$password@$host:$port");
$mailer = new Symfony\Component\Mailer\Mailer($transport);
$mailer->send((new Symfony\Component\Mime\Email())->from($from)->to($to)->subject('Dusk')->text($body));
