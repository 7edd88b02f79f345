/** The access log: a line for each of Jetty's responses, by the formats and the writer that all workers share. */
@NullMarked
package io.jcorn.servlet.access;

import org.jspecify.annotations.NullMarked;
