<?php
// Swift Mailer. The mode is the encryption that it is told to use: `tls` is STARTTLS, `ssl` TLS from the start.

require __DIR__ . '/php-find.php';

const PATIENCE = 4;

[, $directories, $mode] = $argv;
require find($directories, 'swiftmailer/swiftmailer', 'Swift/autoload.php');
if ($mode === '--version') {
    echo Swift::VERSION, "\n";
    exit;
}

[, , , , $host, $port, $username, $password, $from, $to, $body] = $argv;
$transport = new Swift_SmtpTransport($host, (int) $port, $mode);
$transport->setUsername($username)->setPassword($password)->setTimeout(PATIENCE);
$message = (new Swift_Message('Dusk'))->setFrom($from)->setTo($to)->setBody($body);
exit((new Swift_Mailer($transport))->send($message) === 1 ? 0 : 1);
