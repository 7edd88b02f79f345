/**
 * WebSocket (RFC 6455) for handlers, in the JDK's own words: {@link java.net.http.WebSocket} and its {@code Listener} describe
 * a conversation that has no client and no server any more once it is open, so what a browser talks to here is the same
 * interface that the JDK's client has.
 *
 * <pre>
 *   handler: exchange.setAttribute("java.net.http.WebSocket.Listener", listener); exchange.sendResponseHeaders(101, -1)
 *     └─► Opening (checks, answers) ─► Talk (states, event loop) ─► Ear (order and demand) ─► the application's Listener
 *                                        │ ▲
 *             InboundFrames, Incoming ◄──┘ └────────────────────── Mouth: what the application sends
 * </pre>
 *
 * <p>Netty reads and writes the frames. permessage-deflate (RFC 7692) is ours, over the JDK's zlib: Netty's unpacks a frame at
 * once, however large it becomes and whether or not the listener has room, and falls back on a library that is not shipped.
 */
@NullMarked
package io.jcorn.worker.websocket;

import org.jspecify.annotations.NullMarked;
