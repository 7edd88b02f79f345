/**
 * The servlet worker: a Jetty that serves one web application on the listeners that the master holds. The agent of the process adopts
 * those when Jetty binds their addresses, and speaks with the master; see {@link io.jcorn.agent.Hosting}.
 */
@NullMarked
package io.jcorn.servlet;

import org.jspecify.annotations.NullMarked;
