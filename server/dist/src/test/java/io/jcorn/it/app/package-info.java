/** Applications that tests pack into jars of their own. */
@NullMarked
package io.jcorn.it.app;

import org.jspecify.annotations.NullMarked;
