/** Nothing: what Node takes to start and to end. */
process.exitCode = 0;
