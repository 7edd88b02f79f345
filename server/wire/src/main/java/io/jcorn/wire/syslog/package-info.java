/** Messages to a syslog daemon (RFC 3164), from the access log and the error log, on a thread that nobody waits for. */
@NullMarked
package io.jcorn.wire.syslog;

import org.jspecify.annotations.NullMarked;
