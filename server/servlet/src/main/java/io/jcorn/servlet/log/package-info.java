/** What Jetty has to say, in jcorn's own log. */
@NullMarked
package io.jcorn.servlet.log;

import org.jspecify.annotations.NullMarked;
