/** What the tests of more than one module need: dependencies of scope test, part of no distribution. */
@NullMarked
package io.jcorn.testing;

import org.jspecify.annotations.NullMarked;
