/**
 * The real ring: the packaged program, real signals, real sockets, real applications.
 *
 * <p>{@code Workplace} is the test's folder, {@code Launch} says what is started, {@code RunningJcorn} is the server while it runs,
 * {@code LoadClient} is its users.
 */
@NullMarked
package io.jcorn.it;

import org.jspecify.annotations.NullMarked;
