@NullMarked
package io.jcorn.servlet.session;

import org.jspecify.annotations.NullMarked;
