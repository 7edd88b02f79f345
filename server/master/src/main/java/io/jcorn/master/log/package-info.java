/** What the master writes into its log, and in which words. */
@NullMarked
package io.jcorn.master.log;

import org.jspecify.annotations.NullMarked;
