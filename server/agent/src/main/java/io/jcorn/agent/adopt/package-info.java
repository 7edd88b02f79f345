/**
 * How a server that knows nothing of jcorn runs under it: whatever it binds, if the master holds the address, becomes the
 * inherited socket.
 *
 * <pre>
 *   Premain ─► Patcher (what of the JDK and of Netty is rewritten: PatchPoints)
 *                 │
 *   application: bind, listen, accept, close ─► Hook ─► Adoption ─┬─ HeldPorts     which listener a bind means
 *                                                                 ├─ Adoptions     which sockets are ours by now
 *                                                                 ├─ AcceptGate    whether the next connection is ours
 *                                                                 └─ Readiness     when to tell the master
 *   application: read, write ─► Traffic ─► ClientConnections   on which an answer is owed
 *   master: drain, quit, death ─► HostedWorker ─► Quiet
 * </pre>
 *
 * <p>All of this is on the boot class path, since patched classes of the JDK call it. It is careful to need little: every class that
 * it loads costs the start of somebody else's program.
 */
@NullMarked
package io.jcorn.agent.adopt;

import org.jspecify.annotations.NullMarked;
