/** How an application gets into a server: the environments, each in a class loader of its own, and what goes wrong. */
@NullMarked
package io.jcorn.servlet.deploy;

import org.jspecify.annotations.NullMarked;
