/** What the application is: a WAR, an exploded one, or classes; for which edition of the servlet specification. */
@NullMarked
package io.jcorn.servlet.archive;

import org.jspecify.annotations.NullMarked;
