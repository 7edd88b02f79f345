@NullMarked
package io.jcorn.servlet.log;

import org.jspecify.annotations.NullMarked;
