/**
 * Who may speak for a client, and what he says: trusted peers, {@code Forwarded} (RFC 7239) and {@code X-Forwarded-*}. Handler
 * and servlet workers read these headers by the same rules, which are here.
 */
@NullMarked
package io.jcorn.wire.forwarded;

import org.jspecify.annotations.NullMarked;
