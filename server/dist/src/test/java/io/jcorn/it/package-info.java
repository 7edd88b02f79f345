/**
 * The real ring: the packaged program, real signals, real sockets, real applications.
 *
 * <p>{@code Workplace} is the test's folder, {@code Launch} says what is started, {@code RunningJcorn} is the server while it runs,
 * {@code LoadClient} is its users.
 *
 * <p>Two classes run at a time, since most of them wait more than they work. Those tagged {@code alone} have the machine for themselves,
 * before all others: they measure time or memory, start what takes both processors, or look at the class-data archives, which the
 * first start with each Java makes.
 */
@NullMarked
package io.jcorn.it;

import org.jspecify.annotations.NullMarked;
