@NullMarked
package io.jcorn.servlet.archive;

import org.jspecify.annotations.NullMarked;
