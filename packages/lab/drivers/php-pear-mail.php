<?php
// PEAR's Mail, by way of Net_SMTP. `default`: a host, a port and a login, as its manual has it; `ssl://`: with that before the host.

const PATIENCE = 4;

require 'Mail.php';
require 'Net/SMTP.php';

if ($argv[1] === '--version') {
    exit;
}

[, $mode, , $host, $port, $username, $password, $from, $to, $body] = $argv;
ini_set('default_socket_timeout', (string) PATIENCE);
$mail = Mail::factory('smtp', [
    'host' => $mode === 'default' ? $host : $mode . $host,
    'port' => (int) $port,
    'auth' => true,
    'username' => $username,
    'password' => $password,
    'localhost' => 'client.example.test',
    'timeout' => PATIENCE,
]);
$result = $mail->send($to, ['From' => $from, 'To' => $to, 'Subject' => 'Dusk'], $body);
if (PEAR::isError($result)) {
    fwrite(STDERR, $result->getMessage() . "\n");
    exit(1);
}
