namespace VanBanDienTu.TestKit;

/// <summary>Rows over several factors such that every pair of values of two factors is together in at least one row: a small part of the product
/// that finds what two things do to each other.</summary>
public static class Pairwise
{
    /// <param name="sizes">How many values each factor has.</param>
    /// <returns>For each row, the index of the value of each factor. The same every time.</returns>
    public static IReadOnlyList<int[]> Rows(params int[] sizes)
    {
        var open = new HashSet<(int, int, int, int)>(
            from i in Enumerable.Range(0, sizes.Length) from j in Enumerable.Range(i + 1, sizes.Length - i - 1)
            from a in Enumerable.Range(0, sizes[i]) from b in Enumerable.Range(0, sizes[j])
            select (i, a, j, b));
        var rows = new List<int[]>();
        while (open.Count > 0)
        {
            var (i, a, j, b) = open.Min();
            var row = Enumerable.Repeat(-1, sizes.Length).ToArray();
            (row[i], row[j]) = (a, b);
            for (var k = 0; k < sizes.Length; k++)
            {
                if (row[k] < 0)
                    row[k] = Enumerable.Range(0, sizes[k]).MaxBy(v => Enumerable.Range(0, sizes.Length).Count(o => o != k && row[o] >= 0 && open.Contains(Pair(o, row[o], k, v))));
            }
            for (var x = 0; x < sizes.Length; x++)
            {
                for (var y = x + 1; y < sizes.Length; y++)
                    open.Remove((x, row[x], y, row[y]));
            }
            rows.Add(row);
        }
        return rows;
    }

    private static (int, int, int, int) Pair(int i, int a, int j, int b) => i < j ? (i, a, j, b) : (j, b, i, a);
}
