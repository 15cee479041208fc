<?php
// PHPMailer. `default`: a host, a port and a login; `SMTPSecure`: with STARTTLS, or TLS from the start, demanded.

require __DIR__ . '/php-find.php';

const PATIENCE = 4;

[, $directories, $mode] = $argv;
require find($directories, 'phpmailer/phpmailer', 'libphp-phpmailer/autoload.php');
if ($mode === '--version') {
    echo PHPMailer\PHPMailer\PHPMailer::VERSION, "\n";
    exit;
}

[, , , $scheme, $host, $port, $username, $password, $from, $to, $body] = $argv;
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->isSMTP();
$mail->Host = $host;
$mail->Port = (int) $port;
$mail->SMTPAuth = true;
$mail->Username = $username;
$mail->Password = $password;
$mail->Timeout = PATIENCE;
if ($mode === 'SMTPSecure') {
    $mail->SMTPSecure = $scheme === 'smtps'
        ? PHPMailer\PHPMailer\PHPMailer::ENCRYPTION_SMTPS
        : PHPMailer\PHPMailer\PHPMailer::ENCRYPTION_STARTTLS;
}
$mail->setFrom($from);
$mail->addAddress($to);
$mail->Subject = 'Dusk';
$mail->Body = $body;
$mail->send();
