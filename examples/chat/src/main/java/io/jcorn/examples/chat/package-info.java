/** An example: a chat room over WebSockets, with nothing but types of the JDK. */
package io.jcorn.examples.chat;
