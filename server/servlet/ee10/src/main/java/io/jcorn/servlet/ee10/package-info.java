/** Jakarta EE 10: what the worker asks of the classes that only this edition has. */
@NullMarked
package io.jcorn.servlet.ee10;

import org.jspecify.annotations.NullMarked;
