"""The files of this folder: a village that does not exist, in the formats of SPSS, Stata and Excel.

python 3.11, pyreadstat 1.3.7, openpyxl 3.1.5: python make.py
"""

import openpyxl
import pandas as pd
import pyreadstat

table = pd.DataFrame(
    {
        "id": ["007", "008", "009", "010", "011", "012"],
        "region": ["n", "s", "n", "渝中区", "s", ""],
        "Satisfied": [1.0, 2.0, 9.0, 1.0, -5.0, 3.0],
        "minutes": [12.5, 3.25, float("nan"), 200.0, 0.1, -7.0],
        "weight_final": [10.0, 10.0, 10.0, 20.0, 20.0, 20.0],
        "remark": ["short", "x" * 600, "", "不满意", "", "é"],
    }
)
LABELS = {
    "id": "Case",
    "region": "Where",
    "Satisfied": "Satisfied with the line?",
    "minutes": "Minutes on the line",
    "weight_final": "People spoken for",
    "remark": "In their own words",
}
SATISFIED = {1.0: "yes", 2.0: "no", 9.0: "refused"}

for name, packing in [
    ("village.sav", {"row_compress": True}),
    ("village-plain.sav", {}),
    ("village.zsav", {"compress": True}),
]:
    pyreadstat.write_sav(
        table,
        name,
        column_labels=LABELS,
        variable_value_labels={"Satisfied": SATISFIED, "region": {"n": "North", "s": "South"}},
        missing_ranges={"Satisfied": [9, {"lo": -9, "hi": -1}]},
        **packing,
    )

# Stata has labels of numbers only, and .a to .z beside its missing value.
stata = table.copy()
stata["region"] = stata["region"].map({"n": 1, "s": 2, "渝中区": 3})
stata["Satisfied"] = [1, 2, "r", 1, "s", 3]
for version in [10, 13, 14, 15]:
    plain = stata if version >= 14 else stata.drop(columns="remark")
    short = {**SATISFIED}
    del short[9.0]
    regions = {1: "North", 2: "South", 3: "渝中区" if version >= 14 else "Yuzhong"}
    pyreadstat.write_dta(
        plain,
        f"village-{version}.dta",
        version=version,
        column_labels={name: LABELS[name] for name in plain.columns},
        variable_value_labels={"region": regions, "Satisfied": {1: "yes", 2: "no"}},
        missing_user_values={"Satisfied": ["r", "s"]},
    )

book = openpyxl.Workbook()
first = book.active
first.title = "answers"
first.append(list(table.columns) + ["asked"])
for row in table.itertuples(index=False):
    cells = [None if cell != cell or cell == "" else cell for cell in row]
    first.append(cells + [pd.Timestamp("2025-03-01").to_pydatetime()])
first["D4"] = "#N/A"
first["D4"].data_type = "e"
other = book.create_sheet("schools")
other.append(["id", "pupils"])
other.append(["a", 17])
other.append(["b", 1234567890123])
book.save("village.xlsx")
