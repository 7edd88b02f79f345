/** Where HTTP sessions are kept so that all workers see them. */
@NullMarked
package io.jcorn.servlet.session;

import org.jspecify.annotations.NullMarked;
