/** An empty script: measures how long Node takes to start and to end. */
process.exitCode = 0;
