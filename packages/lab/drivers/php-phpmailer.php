<?php
// PHPMailer. `default`: a host, a port and a login; `SMTPSecure`: with STARTTLS, or TLS from the start, demanded.

const PATIENCE = 4;

[, $directories, $mode] = $argv;
require find($directories);
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

/** By Composer in one of the user's directories, or from the system's packages. */
function find(string $directories): string
{
    foreach (explode(PATH_SEPARATOR, $directories) as $directory) {
        $autoload = "$directory/vendor/autoload.php";
        if (is_file("$directory/vendor/phpmailer/phpmailer/composer.json") && is_file($autoload)) {
            return $autoload;
        }
    }
    return '/usr/share/php/libphp-phpmailer/autoload.php';
}
