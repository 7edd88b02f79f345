/** The contract of com.sun.net.httpserver as the application sees it: one exchange, its headers and its two streams. */
@NullMarked
package io.jcorn.worker.exchange;

import org.jspecify.annotations.NullMarked;
