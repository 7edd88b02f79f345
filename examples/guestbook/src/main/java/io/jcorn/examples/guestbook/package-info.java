/** A guestbook: servlets, a page, a database, sessions, pictures and a WebSocket. */
@NullMarked
package io.jcorn.examples.guestbook;

import org.jspecify.annotations.NullMarked;
