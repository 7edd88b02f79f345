/** The listening sockets, and who else holds a port. */
@NullMarked
package io.jcorn.master.listen;

import org.jspecify.annotations.NullMarked;
