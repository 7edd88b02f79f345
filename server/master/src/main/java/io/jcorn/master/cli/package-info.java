/** The command line and the exit codes. The only door to picocli. */
@NullMarked
package io.jcorn.master.cli;

import org.jspecify.annotations.NullMarked;
