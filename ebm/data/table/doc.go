// Package table reads points from a table of any common format, without being told which one.
//
// [Read] takes a file and returns a [Table]: what was understood, and the points of two of its columns in
// the units of the table. [Table.Fit] brings them into the box of the datasets. Every guess can be
// replaced by one of the [Options], and what makes no point is an [Error] that says why in a sentence.
//
// # Formats
//
// A signature at the start of the file shows NPY and NPZ arrays, and files that hold no table (a PDF, a
// picture, a workbook), which are refused by name. Anything else is text: in UTF-8, in UTF-16 (by its mark,
// or by the zero bytes between Latin letters), or, where the first MiB is not UTF-8, in Latin-1, more
// precisely in Windows-1252. Lines end with LF or CRLF, or with CR in a file without LF. The text is
// then, in this order:
//
//   - what R prints of vectors: [1] 0.1 0.2
//   - JSON: an array of rows, of records or of two lists; an object of columns; one value on each line. NaN
//     and Infinity, which Python writes, are accepted, so encoding/json cannot read it.
//   - ARFF
//   - an array as numpy, PyTorch, Python, Mathematica, GeoGebra, MATLAB, Julia and R print it or take it
//   - LaTeX, if lines have & and \\
//   - delimited text, which includes Markdown and what MATLAB, Julia, R and pandas print of matrices and
//     data frames
//
// A table of two rows with three or more numbers each, as an array or JSON, is taken for two columns.
//
// # Delimited text
//
// The separator is the one of tab, semicolon, bar, comma and blanks that divides most lines into the same
// number of cells (at least two), with most cells numbers. Lines that begin with #, % or // are comments if
// there are others; the last comment before the rows may name the columns. Quotes are read by encoding/csv,
// one row at a time: a quote that is never closed is a letter, so that it spoils one row and not the
// file. Text before the table (rows of words with fewer cells) is not part of it.
//
// # Numbers
//
// The decimal sign is decided for the whole table. Evidence is a number that can be read in one way only:
// 0.5 and 12.25 have a decimal point, 1.234,56 and 0,512 a decimal comma, 1,234,567 a decimal point, because
// its commas divide thousands. 1,024 and 1.024 are no evidence. The sign with more evidence holds for all
// columns, except for one with evidence of the other sign only. So 1,024 is 1024 beside a column of
// 2,692.50, and 1.024 beside one of 7,5.
//
// Without evidence in the table, a point is the decimal sign. With commas such as in 1,024 only, the comma is
// the decimal sign if a number of four digits is not grouped, or if semicolons separate and every number
// has a comma; else it groups thousands. Then a warning says what was assumed.
//
// Thousands may be grouped by comma, point, blank or apostrophe: up to three digits that do not begin with 0,
// then three each. A currency or percent sign is no part of the number, and is kept as the unit of
// the column. Minus may be U+2212 or a dash; the exponent of Fortran, D, is one of E. Empty cells, NA, NaN,
// null and the like are missing values. Infinite values, dates and formulas (=A1+1) are no numbers.
// A row whose two numbers are not both there is left out and counted, with the reason for the first three.
//
// # Columns
//
// The first row is a header if it has words over columns of numbers. A row of numbers is a header on
// evidence only, and a warning says so: years (1500 to 2200) over numbers a tenth as large, if those have
// fractions or the years follow each other; or 0, 1, 2, …, as pandas writes them, over three rows or more
// of numbers that all have a fraction, unless they continue the row in equal steps. A header that has one name less than
// there are columns leaves out the first column, which has the names of the rows.
//
// A column that counts by one is an index, and no coordinate, if it has no name or is called id, index,
// row and the like, or X by R, and two other columns have numbers. One with a name of its own, such as year,
// is a coordinate. The coordinates are the columns x and y, y1 and y2, or x1 and x2 where there are such,
// else the first two with numbers. The label is the first column with 2 to 64 different words that repeat, or
// one of whole numbers that is called label, class and the like, or that is the third beside two with fractions.
//
// # Values that are not what they seem
//
// A [Suspect] is a number at the end of its column's range that may mean "missing": one of the usual codes
// (-200, -999, 9999, -1e30, …) further from the next value than three times the spread of the others (-1 and -9:
// than their whole range), or
// the only one of its sign and repeated; or any number that is repeated and further from the next than
// three times the range of the others. Suspects stay points unless Missing names them.
//
// An outlier is a point with a coordinate further from the middle half of all values than three times the
// length of that half (Tukey's outer fences). Outliers stay points unless Clip is set.
//
// # Large files
//
// The format is decided from the first MiB, and everything else from the first rows of it, at most 10,000; then
// the rows go by one at a time, and of more points than Most a random sample is kept (with a fixed seed, so
// that the same file gives the same points). Formats that come by columns are kept as their text.
// Memory stays below four times the input and a buffer of two MiB. A line may have 1 MiB, a table 1000
// columns, brackets 32 levels.
//
// # Libraries
//
// Quotes are read by encoding/csv, encodings by golang.org/x/text, ZIP by archive/zip. NPY is read here,
// because the header is a line of text, and github.com/sbinet/npyio (v0.6.0, 2022) allocates whatever
// size a header claims, and takes incomplete reads for complete ones. MATLAB's .mat files are not read,
// for want of a library that is both maintained and widely used; the error says how to save the matrix as text.
package table
