/** The service manager: sockets that it opened for us. */
@NullMarked
package io.jcorn.master.systemd;

import org.jspecify.annotations.NullMarked;
