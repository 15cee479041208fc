<?php

/** Where a library is loaded from: by Composer in one of the user's directories, or from the system's packages. */
function find(string $directories, string $package, string $system): string
{
    foreach (explode(PATH_SEPARATOR, $directories) as $directory) {
        $autoload = "$directory/vendor/autoload.php";
        if (is_file("$directory/vendor/$package/composer.json") && is_file($autoload)) {
            return $autoload;
        }
    }
    return "/usr/share/php/$system";
}
