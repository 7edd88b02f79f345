/** What happens to a request before the application sees it: limits, forwarded addresses, and the count of those in flight. */
@NullMarked
package io.jcorn.servlet.http;

import org.jspecify.annotations.NullMarked;
