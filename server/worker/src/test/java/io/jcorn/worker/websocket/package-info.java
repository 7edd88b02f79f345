@NullMarked
package io.jcorn.worker.websocket;

import org.jspecify.annotations.NullMarked;
