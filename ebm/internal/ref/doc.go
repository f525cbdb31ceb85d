// Package ref reads the reference numbers that tests compare with: JSON files made with
// other libraries in double precision. They lie in ebm/testdata/ref, or in the folder
// that the environment variable EBMVIZ_REF names.
package ref
