/**
 * The compatibility table: each server of {@code servers.txt} lives one life under the packaged program, on each Java.
 *
 * <pre>
 *   servers.txt ─► ServerRow ─► Libraries (Maven, on demand) ─► ServerJar (compiled here) ─► Life ─► Outcome ─► docs/compatibility.md
 * </pre>
 */
@NullMarked
package io.jcorn.compatibility;

import org.jspecify.annotations.NullMarked;
