/**
 * What rides in every worker: it opens the control channel, maps the scoreboard, takes the master's commands, notices the
 * master's death, dumps threads. It knows no server and no application; those are the {@link io.jcorn.agent.Duties}.
 */
@NullMarked
package io.jcorn.agent;

import org.jspecify.annotations.NullMarked;
