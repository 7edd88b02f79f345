/** The application that the tests serve. Its classes are loaded from the archive, not from the tests' class path. */
@NullMarked
package example;

import org.jspecify.annotations.NullMarked;
