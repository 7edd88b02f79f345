@NullMarked
package io.jcorn.worker;

import org.jspecify.annotations.NullMarked;
