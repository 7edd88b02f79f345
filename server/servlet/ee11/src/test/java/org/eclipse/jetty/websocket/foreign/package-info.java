@NullMarked
package org.eclipse.jetty.websocket.foreign;

import org.jspecify.annotations.NullMarked;
